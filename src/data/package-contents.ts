import { words } from "../text/words.js";

// What system packages bring: commands, and accounts that their installation scripts create.
// Sources: file lists and maintainer scripts of Debian 12 and 13, Ubuntu 24.04, Alpine 3.22 and Fedora 42 packages
// (as their public search pages list them); 2026-11.

/** `package:command,command` words; the same package name brings the same commands in every index that has it. */
const COMMANDS = `
bash:bash busybox:busybox busybox-extras:telnet,ftpget,httpd curl:curl curl-minimal:curl wget:wget wget2:wget2,wget
wget2-wget:wget procps:ps,pgrep,pkill,top,free,uptime,watch,vmstat,sysctl,kill,w
procps-ng:ps,pgrep,pkill,top,free,uptime,watch,vmstat,sysctl psmisc:killall,fuser,pstree
netcat:nc,netcat netcat-openbsd:nc,netcat netcat-traditional:nc,netcat nmap-ncat:nc,ncat ncat:ncat nmap:nmap
net-tools:netstat,ifconfig,route,arp iproute2:ip,ss,bridge iproute:ip,ss iputils-ping:ping iputils:ping
inetutils-ping:ping inetutils-telnet:telnet telnet:telnet dnsutils:dig,nslookup,host bind9-dnsutils:dig,nslookup
bind9-host:host bind-tools:dig,nslookup,host bind-utils:dig,nslookup,host knot-dnsutils:kdig
git:git git-core:git mercurial:hg subversion:svn openssh-client:ssh,scp,sftp,ssh-keygen,ssh-keyscan,ssh-add
openssh-clients:ssh,scp,sftp,ssh-add openssh:ssh,scp,sshd,ssh-keygen openssh-server:sshd rsync:rsync jq:jq yq:yq
gcc:gcc,cc g++:g++,c++ gcc-c++:g++,c++ make:make cmake:cmake build-essential:gcc,g++,cc,c++,make,dpkg-buildpackage
build-base:gcc,g++,cc,c++,make clang:clang,clang++ pkg-config:pkg-config pkgconf:pkg-config autoconf:autoconf
automake:automake libtool:libtoolize ninja-build:ninja meson:meson nasm:nasm
python3:python3 python3-pip:pip3,pip py3-pip:pip3,pip python3-venv: python-is-python3:python perl:perl ruby:ruby,gem,irb
ruby-full:ruby,gem,irb nodejs:node npm:npm,npx yarn:yarn,yarnpkg golang:go,gofmt golang-go:go,gofmt go:go,gofmt
rust:rustc cargo:cargo,rustc rustc:rustc default-jre:java default-jre-headless:java default-jdk:java,javac,jar
default-jdk-headless:java,javac,jar openjdk-8-jre-headless:java openjdk-11-jre-headless:java
openjdk-11-jdk:java,javac,jar openjdk-17-jre:java openjdk-17-jre-headless:java openjdk-17-jdk:java,javac,jar
openjdk-17-jdk-headless:java,javac,jar openjdk-21-jre:java openjdk-21-jre-headless:java openjdk-21-jdk:java,javac,jar
openjdk-21-jdk-headless:java,javac,jar openjdk11-jre:java openjdk11-jre-headless:java openjdk17:java,javac
openjdk17-jre:java openjdk17-jre-headless:java openjdk17-jdk:java,javac openjdk21:java,javac openjdk21-jre:java
openjdk21-jre-headless:java openjdk21-jdk:java,javac maven:mvn gradle:gradle php-cli:php php:php composer:composer
postgresql:psql,pg_isready,pg_dump,postgres postgresql-client:psql,pg_isready,pg_dump,pg_restore,createdb
postgresql-client-15:psql,pg_isready,pg_dump,pg_restore postgresql-client-16:psql,pg_isready,pg_dump,pg_restore
postgresql-client-17:psql,pg_isready,pg_dump,pg_restore postgresql15-client:psql,pg_isready,pg_dump
postgresql16-client:psql,pg_isready,pg_dump postgresql17-client:psql,pg_isready,pg_dump
default-mysql-client:mysql,mysqladmin,mysqldump mysql-client:mysql,mysqladmin,mysqldump
mariadb-client:mariadb,mysql,mariadb-admin,mysqladmin,mariadb-dump,mysqldump
redis:redis-cli,redis-server redis-tools:redis-cli redis-server:redis-server,redis-cli valkey-cli:valkey-cli
sqlite3:sqlite3 sqlite:sqlite3 memcached:memcached nginx:nginx nginx-light:nginx nginx-full:nginx apache2:apache2,apachectl,apache2ctl
httpd:httpd,apachectl haproxy:haproxy lighttpd:lighttpd supervisor:supervisord,supervisorctl cron:cron,crontab
cronie:crond,crontab dcron:crond,crontab tini:tini dumb-init:dumb-init gosu:gosu su-exec:su-exec sudo:sudo doas:doas
shadow:useradd,usermod,userdel,groupadd,groupmod,groupdel,chpasswd,newuidmap
shadow-utils:useradd,usermod,userdel,groupadd,groupmod,groupdel,chpasswd passwd:useradd,usermod,groupadd,chpasswd
adduser:adduser,addgroup,deluser,delgroup coreutils:timeout,stat,date,sort,sha256sum findutils:find,xargs
util-linux:setpriv,flock,setsid,mount,lsblk util-linux-core:flock,setpriv,mount gawk:gawk,awk sed:sed grep:grep,egrep
tar:tar gzip:gzip,gunzip,zcat bzip2:bzip2,bunzip2 xz:xz,unxz xz-utils:xz,unxz zstd:zstd zip:zip unzip:unzip
p7zip-full:7z less:less vim:vim,vi vim-tiny:vi nano:nano file:file which:which diffutils:diff,cmp patch:patch
openssl:openssl gnupg:gpg gnupg2:gpg gpg:gpg ca-certificates:update-ca-certificates gettext-base:envsubst
gettext:envsubst,msgfmt gettext-envsubst:envsubst lsof:lsof strace:strace ltrace:ltrace gdb:gdb tcpdump:tcpdump socat:socat
httpie:http,https aria2:aria2c ffmpeg:ffmpeg,ffprobe imagemagick:convert,identify graphviz:dot ghostscript:gs
poppler-utils:pdftotext,pdftoppm tesseract-ocr:tesseract chromium:chromium chromium-driver:chromedriver
xvfb:Xvfb,xvfb-run tzdata: locales:locale-gen hostname:hostname time:time bc:bc parallel:parallel tree:tree
expect:expect sshpass:sshpass rclone:rclone docker-cli:docker docker.io:docker,dockerd docker-ce-cli:docker kubectl:kubectl
awscli:aws aws-cli:aws gh:gh shellcheck:shellcheck util-linux-misc:setpriv,flock microdnf:microdnf
`;

/** `package:account[,account]` words: system accounts with the user and group of that name. */
const ACCOUNTS = `
nginx:nginx apache2:www-data httpd:apache postgresql:postgres postgresql-common:postgres mysql-server:mysql
default-mysql-server:mysql mariadb-server:mysql mariadb:mysql redis:redis redis-server:redis valkey:valkey
memcached:memcache,memcached openssh-server:sshd openssh:sshd rabbitmq-server:rabbitmq postfix:postfix,postdrop
dovecot-core:dovecot,dovenull exim4-base:Debian-exim bind9:bind bind:named unbound:unbound dnsmasq:dnsmasq
haproxy:haproxy varnish:varnish,vcache squid:squid,proxy lighttpd:lighttpd,www-data tor:debian-tor,tor
mosquitto:mosquitto elasticsearch:elasticsearch logstash:logstash kibana:kibana grafana:grafana prometheus:prometheus
jenkins:jenkins zookeeper:zookeeper tomcat10:tomcat tomcat9:tomcat dbus:messagebus avahi-daemon:avahi,avahi-autoipd
ntp:ntp,ntpsec chrony:_chrony,chrony rsyslog:syslog,rsyslog systemd:systemd-network,systemd-journal polkitd:polkitd
cups:lp,lpadmin,cups clamav:clamav clamav-daemon:clamav fluent-bit:fluent-bit fetchmail:fetchmail munin:munin
php-fpm:www-data php8.2-fpm:www-data php8.3-fpm:www-data docker.io:docker docker:docker docker-ce:docker sudo:sudo
shadow:shadow tcpdump:tcpdump uuid-runtime:uuidd influxdb:influxdb mongodb-org:mongod,mongodb mongodb-org-server:mongod,mongodb
neo4j:neo4j vsftpd:ftp,vsftpd proftpd:proftpd,ftp saned:saned nagios4:nagios zabbix-agent:zabbix cassandra:cassandra
gitlab-runner:gitlab-runner
`;

let commands: ReadonlyMap<string, readonly string[]> | undefined;
let accounts: ReadonlyMap<string, readonly string[]> | undefined;

/** Commands that a package puts on `PATH`; absent for packages that are not in the table (they may bring any). */
export function packageCommands(name: string): readonly string[] | undefined {
  commands ??= listsOf(COMMANDS);
  return commands.get(name);
}

/** Accounts that installing a package creates; empty when none is known. A package may also create one of its own name. */
export function packageAccounts(name: string): readonly string[] {
  accounts ??= listsOf(ACCOUNTS);
  return accounts.get(name) ?? [];
}

/**
 * Whether a package that is not in the table can bring a command: the same name, with or without a version or the
 * endings that distributions add (`postgresql-client-18` for `psql` is no such case, `grpcurl` for `grpcurl` is).
 */
export function mayBringCommand(packageName: string, command: string): boolean {
  const bare = packageName.replace(/[-_]?(?:bin|cli|tools|utils|client|server|static|minimal|full|core)$/, "");
  return packageName === command || bare === command || packageName.startsWith(`${command}-`);
}

function listsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const table = new Map<string, readonly string[]>();
  for (const row of words(text)) {
    const colon = row.indexOf(":");
    table.set(
      row.slice(0, colon),
      row
        .slice(colon + 1)
        .split(",")
        .filter((word) => word !== ""),
    );
  }
  return table;
}
