-- Base images of applications: mostly those of docker-library, and some that are built upon often.
--
-- The names, so that this file is loaded only for them:
-- dfc.image: adminer aerospike amazon/aws-lambda-* apache/spark arangodb arangodb/arangodb
-- dfc.image: backdrop balenalib/* bash bitnami/* bitnamilegacy/* centos/s2i-base-centos7
-- dfc.image: chronograf clickhouse clickhouse/clickhouse-server
-- dfc.image: container-registry.oracle.com/java/* convertigo couchbase crate
-- dfc.image: docker.elastic.co/elasticsearch/elasticsearch docker.elastic.co/kibana/kibana
-- dfc.image: docker.elastic.co/logstash/* dockerfile/* eggdrop elasticsearch emqx emqx/emqx flink
-- dfc.image: fluent/fluentd fluentd friendica gazebo geonetwork glassfish gliderlabs/logspout
-- dfc.image: groovy haproxy haxe hello-world hitch hylang hyperledger/fabric-baseimage jboss/base
-- dfc.image: jboss/base-jdk jboss/wildfly jetty jruby kapacitor keycloak/keycloak kibana kong
-- dfc.image: kong/kong-gateway l.gcr.io/google/bazel lambci/lambda lightstreamer linuxkit/alpine
-- dfc.image: liquibase liquibase/liquibase logstash matomo mcr.microsoft.com/azure-functions/*
-- dfc.image: memcached mongo-express monica nats neo4j odoo open-liberty openshift/base-centos7
-- dfc.image: percona pgvector/pgvector plone postfixadmin postgis/postgis public.ecr.aws/lambda/*
-- dfc.image: quay.io/keycloak/keycloak resin/* rethinkdb rocket.chat silverpeas solr spark spiped
-- dfc.image: store/oracle/serverjre storm swipl tiangolo/* timescale/timescaledb tomee traefik
-- dfc.image: unit varnish websphere-liberty xwiki yourls znc
local images = require "images"
local image, user, runs_as, bare, has, version_of =
  images.image, images.user, images.runs_as, images.bare, images.has, images.version_of

-- Nothing but the distribution is known of these.
for distro, names in pairs {
  debian = [[haxe hitch hylang plone rethinkdb spiped swipl tiangolo/* pgvector/pgvector]],
  ubuntu = [[clickhouse clickhouse/clickhouse-server couchbase dockerfile/* gazebo
    hyperledger/fabric-baseimage silverpeas]],
  alpine = [[arangodb arangodb/arangodb bash eggdrop gliderlabs/logspout linuxkit/alpine
    mongo-express timescale/timescaledb znc]],
  oraclelinux = "store/oracle/serverjre container-registry.oracle.com/java/*",
  amazonlinux = "amazon/aws-lambda-* lambci/lambda public.ecr.aws/lambda/*" } do
  image(names, { default = distro })
end
-- Debian or Ubuntu, not known which, or it changed over time.
image([[aerospike chronograf convertigo flink geonetwork glassfish jruby kapacitor lightstreamer
  l.gcr.io/google/bazel mcr.microsoft.com/azure-functions/* neo4j postgis/postgis storm tomee unit
  xwiki]], { family = "debian" })
image("crate", { family = "redhat" })

-- Applications of PHP with its Apache
image("backdrop friendica matomo monica postfixadmin yourls", { default = "debian", ca = true,
  more = function(f)
    local id = f.distro == "alpine" and 82 or 33
    f.users = user("www-data", id, id, "/var/www")
  end })

-- Programs alone
local function alone(f, _, spelt)
  if not spelt then bare(f, "scratch") end
end
image("nats hello-world", { single = true, more = alone })
image("traefik", { default = "alpine", more = function(f, tag, spelt)
  if version_of(tag) == 1 then alone(f, tag, spelt) end -- Alpine since 2.0
end })

-- They do not run as root -------------------------------------------------------------------------
-- A user without an id here has none that is fixed, or it is not known.

image("memcached", runs_as({ default = "debian" }, "memcache", 11211, 11211))
image("spark apache/spark", runs_as({ default = "ubuntu" }, "spark", 185, 185, "/nonexistent"))
image("liquibase liquibase/liquibase", runs_as({ default = "ubuntu" }, "liquibase", 1001, 1001))
image("groovy", runs_as({ family = "debian", ca = true }, "groovy", 1000, 1000))
image("jboss/wildfly jboss/base jboss/base-jdk", runs_as({ single = true, more = function(f)
  f.distro, f.release = "centos", "7"
end }, "jboss", 1000, 1000, "/opt/jboss"))
image("openshift/base-centos7 centos/s2i-base-centos7", { user = "1001", single = true,
  users = user("1001", 1001, 0, "/opt/app-root/src"), more = function(f)
    f.distro, f.release = "centos", "7"
  end })
image("solr", { family = "debian", user = "solr", users = { solr = { uid = 8983, gid = 8983 } } })
image("percona", runs_as({ family = "redhat" }, "mysql", 1001, 1001, "/var/lib/mysql"))
image("adminer", { default = "alpine", user = "adminer" })
image("jetty", { family = "debian", user = "jetty" })
image("rocket.chat", { default = "debian", user = "rocketchat" })
image("emqx emqx/emqx", { default = "debian", user = "emqx" })
image("fluentd fluent/fluentd", { default = "alpine", user = "fluent" })
image("open-liberty websphere-liberty", { default = "ubuntu", user = "1001" })
image("bitnami/* bitnamilegacy/*", { user = "1001" }) -- Debian once, Photon since 2025

-- since 2.4: 2.3 and older are root
image("haproxy", { default = "debian", ca = true, slim_ca = true, more = function(f, tag)
  local major, minor = version_of(tag)
  f.users = user("haproxy", 99, 99, "/var/lib/haproxy")
  if not major or major > 2 or major == 2 and (not minor or minor >= 4) then f.user = "haproxy" end
end })
image("varnish", { default = "debian", more = function(f, tag)
  local major, minor = version_of(tag)
  if not major or major > 7 or major == 7 and (not minor or minor >= 2) then f.user = "varnish" end
  if has(tag, "stable|old") or major == 6 then f.user = nil end
end })
image("odoo", { user = "odoo", more = function(f, tag, spelt)
  local major = version_of(tag)
  if not spelt then f.distro = major and major < 17 and "debian" or "ubuntu" end
end })

-- Kong: Alpine by default before 3.0
image("kong kong/kong-gateway", { more = function(f, tag, spelt)
  local major = version_of(tag)
  if not spelt and (major == 1 or major == 2) then f.distro = "alpine" end
  if not spelt and (not major or major >= 3) then f.distro = "ubuntu" end
  if not major or major >= 2 then f.user = "kong" end
end })

-- Elastic's own since 6: Ubuntu in 8, Red Hat's base since 9 (elastic/elasticsearch#118068,
-- elastic/logstash#16812)
image([[elasticsearch kibana logstash docker.elastic.co/elasticsearch/elasticsearch
  docker.elastic.co/kibana/kibana docker.elastic.co/logstash/*]],
  { more = function(f, tag, spelt, name)
    local major = version_of(tag)
    local program = re.match("(elasticsearch|kibana|logstash)(?:-oss)?$", name)
    if not spelt and major and major <= 5 and not name:find("/", 1, true) then
      f.distro = "debian" -- docker-library's own, upon java and openjdk
    end
    if not major or major < 8 or not program then return end
    if not spelt and major == 8 then f.distro = "ubuntu" end
    if not spelt and major > 8 then f.distro, f.release = "ubi", "9" end
    f.user = program[1]
    f.users = user(program[1], 1000, nil, "/usr/share/" .. program[1])
  end })

-- Keycloak stands on ubi-micro, which has no package manager; its documentation says how to put
-- packages in from another stage ("Running Keycloak in a container").
image("quay.io/keycloak/keycloak keycloak/keycloak", runs_as({ single = true,
  more = function(f, tag)
    local major = version_of(tag)
    f.distro = "ubi"
    if not major or major >= 21 then f.release, f.manager = "9", false end
  end }, "keycloak", 1000, 0, "/opt/keycloak"))

-- Images for boards have the distribution in the name: "raspberrypi3-debian-node"; Debian if none.
image("balenalib/* resin/*", { more = function(f, _, spelt, name)
  local c = re.match([[-(alpine|ubuntu|fedora|debian|raspbian)(?:-|$)]], name)
  if not spelt then f.distro = c and c[1] ~= "raspbian" and c[1] or "debian" end
end })
