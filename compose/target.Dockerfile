# The reference service with the APIs that are our own. It brings PostgreSQL along as an npm package and starts it
# itself, so that every container begins with an empty shop and leaves nothing behind.
FROM node:24.11.1-bookworm-slim
WORKDIR /onsale
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY target ./target
USER node
EXPOSE 8080
ENTRYPOINT ["node", "target/main.ts"]
CMD ["up", "reference", "--host=0.0.0.0", "--port=8080"]
