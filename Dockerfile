# strait as one executable with librdkafka beside it. How to run it: docs/install.md.
#
#   docker build -t strait .

FROM oven/bun:1.4.5-slim AS bun

FROM debian:bookworm-slim AS build
# For librdkafka, which is built from the source that one of the packages brings; the same as in docs/install.md.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates build-essential libssl-dev libsasl2-dev libzstd-dev zlib1g-dev liblz4-dev libcurl4-openssl-dev \
  && rm -rf /var/lib/apt/lists/*
COPY --from=bun /usr/local/bin/bun /usr/local/bin/bun
WORKDIR /strait
COPY package.json bun.lock bunfig.toml ./
RUN bun install --frozen-lockfile --production
COPY src src
COPY filters filters
COPY plugins plugins
RUN bun src/packaging/compile.ts --library-beside --outfile /out/strait

FROM debian:bookworm-slim
# What librdkafka is linked to, and the authorities that clusters' certificates are signed by.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates libcurl4 liblz4-1 libsasl2-2 libssl3 libzstd1 zlib1g \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 10001 strait \
  && useradd --uid 10001 --gid 10001 --home-dir /var/lib/strait --shell /usr/sbin/nologin strait \
  && install -d -o strait -g strait -m 0700 /var/lib/strait
COPY --from=build /out/strait /usr/local/bin/strait
COPY --from=build /out/librdkafka.so /usr/local/lib/strait/librdkafka.so
ENV STRAIT_LIBRDKAFKA=/usr/local/lib/strait/librdkafka.so
USER 10001:10001
WORKDIR /var/lib/strait
VOLUME /var/lib/strait
EXPOSE 7070
# With HTTPS set STRAIT_URL and STRAIT_CA for it.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["strait", "api", "GET", "/healthz"]
ENTRYPOINT ["strait"]
CMD ["up", "--state", "/var/lib/strait", "--listen", "0.0.0.0:7070"]
