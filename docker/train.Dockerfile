# syntax=docker/dockerfile:1
# The pipeline, MLflow's server, exports to the lake, and training where there is no other place for it. Without CUDA.
#
# Pin the base for a deployment, by the digest that `docker buildx imagetools inspect python:3.12-slim-bookworm` prints.
ARG BASE=python:3.12-slim-bookworm

FROM ${BASE} AS packages
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# Where builds of torch without CUDA are, a tenth of the size; unset, pip's own index serves.
ARG PIP_EXTRA_INDEX_URL
COPY requirements/torch.txt requirements/train.txt requirements/
RUN python -m venv /opt/venv
RUN /opt/venv/bin/pip install --quiet --requirement requirements/torch.txt
RUN /opt/venv/bin/pip install --quiet --no-deps --require-hashes --requirement requirements/train.txt
COPY docker/undertone.sh /opt/venv/bin/undertone
RUN chmod 755 /opt/venv/bin/undertone

FROM ${BASE}
# DVC asks git what belongs to a commit; LightGBM and XGBoost compute with OpenMP.
RUN apt-get update \
    && apt-get install --yes --quiet --no-install-recommends git libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --create-home --home-dir /var/lib/undertone undertone
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY --chown=undertone . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    UNDERTONE_STATE=/var/lib/undertone
USER 10001
# The image holds no git history, which DVC would look for.
RUN dvc config --local core.no_scm true
VOLUME /var/lib/undertone
CMD ["python", "-m", "training"]
