# syntax=docker/dockerfile:1
# The server: what serves comments, and nothing that trained or built it.
#
# Pin the base for a deployment, by the digest that `docker buildx imagetools inspect python:3.12-slim-bookworm` prints:
# docker build --build-arg BASE=python:3.12-slim-bookworm@sha256:... --file docker/serve.Dockerfile .
ARG BASE=python:3.12-slim-bookworm

# What installs stays behind in this stage.
FROM ${BASE} AS packages
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN apt-get update && apt-get install --yes --quiet --no-install-recommends binutils
COPY requirements/registry.txt requirements/
RUN python -m venv /opt/venv
RUN /opt/venv/bin/pip install --quiet --no-compile --no-deps --require-hashes --requirement requirements/registry.txt
# A third of it is for those who develop these packages. Libraries that were moved into a wheel don't bear to be stripped.
RUN find /opt/venv \( -name __pycache__ -o -name tests \) -type d -prune -exec rm -rf {} + \
    && find /opt/venv -name '*.pyi' -delete \
    && find /opt/venv -path '*/mpl-data/sample_data' -prune -exec rm -rf {} + \
    && find /opt/venv -name '*.so*' -type f -not -path '*.libs/*' -exec strip --strip-unneeded {} +
COPY docker/undertone.sh /opt/venv/bin/undertone
RUN chmod 755 /opt/venv/bin/undertone && /opt/venv/bin/pip uninstall --quiet --yes hf-xet setuptools pip

FROM ${BASE}
LABEL org.opencontainers.image.title="Undertone" \
      org.opencontainers.image.description="Tells what the people under a YouTube video feel." \
      org.opencontainers.image.licenses="MIT"
# Scripts and emoji of the world, for the charts.
RUN apt-get update \
    && apt-get install --yes --quiet --no-install-recommends fonts-noto-core fonts-noto-color-emoji \
    && find /usr/share/fonts -name 'NotoSerif*' -delete \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --create-home --home-dir /var/lib/undertone undertone \
    # A volume that is mounted here belongs to whom this folder does.
    && install --directory --owner undertone /run/undertone
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY backend backend
# The creator's page is made of these.
COPY extension extension
# Nothing is written but to the state and to /tmp, so that the rest may be read-only.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    UNDERTONE_HOST=0.0.0.0 \
    UNDERTONE_STATE=/var/lib/undertone \
    UNDERTONE_LOG_FORMAT=json
USER 10001
VOLUME /var/lib/undertone
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["undertone", "serve"]
