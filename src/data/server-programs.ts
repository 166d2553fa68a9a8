import { words } from "../text/words.js";

// Programs that answer over the network for as long as they run, by the name of their executable.
// Sources: the manuals of the programs; 2026-11.
const SERVERS: ReadonlySet<string> = new Set(
  words(`uvicorn gunicorn hypercorn daphne waitress-serve granian uwsgi puma unicorn thin rackup nginx httpd caddy traefik haproxy
  lighttpd apache2ctl apachectl apache2-foreground php-fpm envoy varnishd postgres mysqld mariadbd mongod redis-server
  valkey-server memcached rabbitmq-server nats-server etcd minio vault consul grafana-server prometheus json-server
  http-server streamlit jupyter jupyter-lab mlflow superset serve next nuxt catalina.sh standalone.sh kc.sh`),
);

/** Whether a program of this name is a server, whatever its arguments say. */
export function isServerProgram(name: string): boolean {
  return SERVERS.has(name);
}

/** Entry points of functions that a platform calls: it watches over them itself. */
const FUNCTION_HOSTS: ReadonlySet<string> = new Set([
  "awslambdaric",
  "aws-lambda-rie",
  "lambda-entrypoint.sh",
  "functions-framework",
  "fwatchdog",
  "of-watchdog",
]);

/** Whether a program hands the process to a serverless platform. */
export function isFunctionHost(name: string): boolean {
  return FUNCTION_HOSTS.has(name);
}

/** Whether a base image (normalised name) is made for a serverless platform. */
export function isFunctionImage(name: string): boolean {
  return /(?:^|\/)lambda\/|\/aws-lambda-|\/azure-functions\/|\/openfaas\//.test(name);
}
