import { words } from "../text/words.js";

/**
 * Names of Docker Official Images: one word after FROM or `--from` that is one of these is an image on purpose.
 *
 * @see https://github.com/docker-library/official-images/tree/master/library (as known in 2026-11; retired names are kept)
 */
export const OFFICIAL_NAMES: ReadonlySet<string> = new Set(
  words(`
adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash bonita
buildpack-deps busybox caddy cassandra centos chronograf cirros clearlinux clefos clickhouse clojure composer consul convertigo
couchbase couchdb crate crux dart debian docker drupal eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx
erlang express-gateway fedora flink fluentd friendica gazebo gcc geonetwork ghost golang gradle groovy haproxy haskell haxe
hello-world hitch httpd hylang ibmjava influxdb irssi iojs java jetty jobber joomla jruby julia kaazing-gateway kapacitor kibana
known kong krakend lightstreamer liquibase logstash mageia mariadb matomo maven mediawiki memcached mongo mongo-express
monica mono mysql nats nats-streaming neo4j neurodebian nextcloud nginx node notary nuxeo odoo open-liberty openjdk opensuse
oraclelinux orientdb owncloud percona perl photon php php-zendserver phpmyadmin plone postfixadmin postgres pypy python r-base
rabbitmq rakudo-star rapidoid redis redmine registry rethinkdb rockylinux rocket.chat ros ruby rust sapmachine scratch sentry
silverpeas sl solr sonarqube sourcemage spark spiped storm swarm swift swipl teamspeak telegraf thrift tomcat tomee traefik
ubuntu ubuntu-debootstrap ubuntu-upstart unit valkey varnish vault websphere-liberty wordpress xwiki yourls znc zookeeper
`),
);
