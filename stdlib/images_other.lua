-- Base images of which nothing but the distribution is known.
--
-- The names, so that this file is loaded only for them:
-- dfc.image: adoptopenjdk alpine/* amazon/aws-cli amazoncorretto anapsix/alpine-java armhf/debian
-- dfc.image: armhf/ubuntu azul/zulu-openjdk caddy cassandra clojure clux/muslrust
-- dfc.image: condaforge/mambaforge condaforge/miniforge3 consul
-- dfc.image: container-registry.oracle.com/graalvm/* continuumio/* couchdb crystallang/crystal
-- dfc.image: dart demisto/crypto demisto/ml demisto/opencv demisto/python demisto/python-deb
-- dfc.image: demisto/python3 demisto/python3-deb docker eclipse-mosquitto fpco/stack-build
-- dfc.image: frolvlad/alpine-glibc gcr.io/google.com/cloudsdktool/google-cloud-cli
-- dfc.image: ghcr.io/graalvm/* ghcr.io/prefix-dev/pixi ghost gitlab/gitlab-runner
-- dfc.image: google/cloud-sdk hashicorp/consul hashicorp/packer hashicorp/terraform
-- dfc.image: hashicorp/vault haskell ibm-semeru-runtimes influxdb jenkins julia kalilinux/*
-- dfc.image: mcr.microsoft.com/powershell messense/rust-musl-cross mhart/alpine-node
-- dfc.image: microsoft/aspnetcore microsoft/aspnetcore-build microsoft/dotnet mono
-- dfc.image: multiarch/debian-debootstrap neurodebian nvcr.io/nvidia/* nvidia/* pypy
-- dfc.image: pytorch/pytorch rabbitmq rakudo-star redmine registry sapmachine telegraf
-- dfc.image: tensorflow/tensorflow vault vllm/vllm-openai webdevops/* wener/java wener/nginx
-- dfc.image: wener/node wener/php
local images = require "images"
local image =
  images.image

-- Nothing but the distribution is known of these.
for distro, names in pairs {
  debian = [[pypy haskell dart julia mono rakudo-star microsoft/dotnet microsoft/aspnetcore
    microsoft/aspnetcore-build continuumio/* ghost redmine telegraf couchdb neurodebian
    google/cloud-sdk gcr.io/google.com/cloudsdktool/google-cloud-cli]],
  ubuntu = [[crystallang/crystal fpco/stack-build clux/muslrust messense/rust-musl-cross
    ibm-semeru-runtimes sapmachine adoptopenjdk condaforge/miniforge3 condaforge/mambaforge
    nvidia/* nvcr.io/nvidia/* pytorch/pytorch tensorflow/tensorflow vllm/vllm-openai
    gitlab/gitlab-runner ghcr.io/prefix-dev/pixi]],
  alpine = [[docker caddy registry eclipse-mosquitto vault consul hashicorp/terraform hashicorp/vault
    hashicorp/consul hashicorp/packer alpine/* mhart/alpine-node anapsix/alpine-java
    frolvlad/alpine-glibc demisto/python demisto/python3 demisto/crypto demisto/ml wener/java
    wener/node wener/php wener/nginx]],
  oraclelinux = "ghcr.io/graalvm/* container-registry.oracle.com/graalvm/*",
  amazonlinux = "amazoncorretto amazon/aws-cli" } do
  image(names, { default = distro })
end
-- Debian or Ubuntu, not known which, or it changed over time.
image([[azul/zulu-openjdk clojure cassandra rabbitmq influxdb jenkins mcr.microsoft.com/powershell
    armhf/debian armhf/ubuntu multiarch/debian-debootstrap demisto/python3-deb
    demisto/python-deb demisto/opencv webdevops/* kalilinux/*]],
  { family = "debian" })
