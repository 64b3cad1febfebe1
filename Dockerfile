# The service alone: it wants a PostgreSQL from 15 on in DATABASE_URL, and says so if there is none.
#   docker build -t tubarerere .
#   docker run -e DATABASE_URL=... -e TUBARERERE_SECRET_KEY=... tubarerere tubarerere db upgrade
#   docker run -e DATABASE_URL=... -e TUBARERERE_SECRET_KEY=... -p 8000:8000 tubarerere

FROM node:24-slim AS assets
WORKDIR /srv/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.13-slim AS packages
WORKDIR /srv
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml LICENSE ./
COPY app app
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --editable .

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    TUBARERERE_MODE=production TUBARERERE_DATA_DIR=/var/lib/tubarerere
RUN useradd --system --create-home --home-dir /var/lib/tubarerere --shell /usr/sbin/nologin tubarerere
WORKDIR /srv
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=assets /srv/app/web/static/dist app/web/static/dist
USER tubarerere
VOLUME /var/lib/tubarerere
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["tubarerere", "serve", "--host", "0.0.0.0", "--port", "8000"]
