"""A referral is a concern for a child that climbs the ladder from the village to the nation.

One level holds it at a time: the cell, the sector, the district or the nation, or the village while its author is
asked something. Each level's time with it is a *hop*, with what was received, acknowledged, accepted and due. A level
acknowledges and accepts, and then resolves it, returns it down with a reason, or escalates it up with a reason; when
the clock of a level passes, it moves up by itself. An emergency sends the district a *copy* at the same time. Nobody
whom it names as a suspect receives it, finds it or is told of it.

States: sent, acknowledged, accepted, returned; and at the end resolved or withdrawn.
"""
