# The bot and the engine in one image; docs/operations.md says how it is run.
#
# The base needs Python 3.11 or newer with venv, as python3; the image runs what the requirements pin.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

# --- Built here: the virtual environment, from wheels only, so that no compiler is ever needed. ---
FROM ${BASE} AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

WORKDIR /src

# What changes seldom comes first: a change of the code leaves this layer as it is.
COPY requirements/run.txt requirements/run.txt
RUN python3 -m venv /opt/fare && \
    /opt/fare/bin/pip install --require-hashes --only-binary=:all: -r requirements/run.txt

COPY pyproject.toml README.md LICENSE ./
COPY engine engine
COPY bot bot
RUN /opt/fare/bin/pip install --no-deps --no-build-isolation . && \
    /opt/fare/bin/pip uninstall --yes setuptools pip

# --- Shipped: Python, that environment, a user without rights, and /data. ---
FROM ${BASE}

RUN groupadd --gid 10001 fare && \
    useradd --uid 10001 --gid fare --home-dir /data --no-create-home --shell /usr/sbin/nologin fare && \
    install --directory --owner=fare --group=fare --mode=0700 /data

COPY --from=build /opt/fare /opt/fare

ENV PATH=/opt/fare/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/fares.db \
    HTTP_BIND=0.0.0.0:8080

WORKDIR /data
VOLUME /data
USER 10001:10001
STOPSIGNAL SIGTERM

# Unhealthy while anything of looks, store or Discord does not work, also while --stay only repeats what is wrong.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python3", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=8)"]

# --stay: a wrong setting is repeated every ten minutes instead of ending in a restart loop, which
# would burn Discord's thousand identifies a day.
CMD ["fare-bot", "run", "--stay"]
