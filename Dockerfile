# One image for the web server, the worker and beat. The last stage carries no compiler, no Node and no tests.

FROM node:24-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes --only-binary :all: -r requirements.txt
WORKDIR /app
COPY . .
COPY --from=assets /app/node_modules node_modules
# What is not production may do without secrets; nothing of it stays but the files. The PDF reads its fonts from
# static-vendor.
RUN /venv/bin/python -m welbevinden.assets \
    && PRODUCTION=false DATA_DIR=/srv/welbevinden /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf node_modules tests

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home welbevinden \
    && install -d -o welbevinden -g welbevinden /srv/welbevinden /srv/files
COPY --from=build /venv /venv
COPY --from=build --chown=welbevinden:welbevinden /srv/welbevinden /srv/welbevinden
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=welbevinden.settings \
    DATA_DIR=/srv/welbevinden \
    FILES_DIR=/srv/files
WORKDIR /app
USER welbevinden
VOLUME /srv/files
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "2", "--no-ws", "--log-level", "warning", "welbevinden.wsgi:application"]
