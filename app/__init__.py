"""Tubarerere, the case-management service of Rwanda's child care reform, *Tubarerere Mu Muryango*."""
