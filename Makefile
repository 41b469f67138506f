# Every command a person needs. Plain `make` lists them.

.DEFAULT_GOAL := help
.PHONY: help run cloud demo outages drill bench-edge token redrive up smoke test-localstack test-floci test-infra synth templates diff deploy destroy cost images bench-images test build format clean

# What each variable does stands beside the command that reads it; they can be set in the environment, too.
export SERVICE DEPLOYS MODE KILL RATE LAG COMMAND READY GET
export IMAGES PLATFORM RUNS TAG IDLE
export DATA SERVICES START_LIMIT SCOPE TTL QUEUE CLOUD_OPTIONS
export VERSION
export PORT_CLOUD PORT_REDIS PORT_POSTGRES PORT_XRAY
export PORT_API PORT_API_MANAGEMENT PORT_REDIRECTOR PORT_REDIRECTOR_MANAGEMENT PORT_WORKER PORT_EDGE
export CLOUD IMAGE_PREFIX PULL_POLICY OBSERVABILITY PORT_EDGE_CONTROL PORT_JAEGER

help: ## lists the commands
	@echo 'Backline: make <command>'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  %-15s %s\n' "$$name" "$$text"; done
	@echo
	@echo 'Variables: make run DATA=.backline/data PORT_API=9000 (all of them: local-cloud/desk/README.md)'

run: ## starts the cloud and the services, until Ctrl-C (DATA=dir keeps data, SERVICES="be-api ..." starts some, PORT_...)
	@exec scripts/desk run

cloud: ## starts the cloud alone, until Ctrl-C
	@SERVICES=none exec scripts/desk run

demo: ## plays the README's story against a running suite and checks each step
	@exec scripts/desk demo

outages: ## kills and cuts parts of a running suite in the middle of their work; checks that nothing is lost
	@exec scripts/desk outages

drill: ## replaces instances under load and counts what is lost (SERVICE=be-api, DEPLOYS=20, MODE=both, KILL=1; COMMAND='... {port}' for your own)
	@exec scripts/desk drill

bench-edge: ## measures the edge's functions, cold and warm, and the cache hits of local-edge
	@PATH="$$(scripts/find-node):$$PATH"; cd edge-lambdas && npm ci --silent --ignore-scripts && npm run --silent build && npm run --silent bench && npm run --silent bench -w local-edge

images: ## builds the container images; prints their sizes and the redirector's start (IMAGES="redirector ...", PLATFORM=linux/arm64)
	@exec scripts/images build

bench-images: ## measures the redirector's start in a container, with the AOT cache and without (RUNS=5)
	@exec scripts/images bench

token: ## prints a token for the API (SCOPE="links:write stats:read", TTL=15m)
	@exec scripts/desk token

redrive: ## brings the messages of a dead-letter queue back (QUEUE=clicks)
	@exec scripts/desk redrive

up: ## docker compose up, after a look at what would be in its way (CLOUD=localstack, floci or local-cloud)
	@scripts/check-containers && exec docker compose up

smoke: ## tries the containers: story, stops under load with two replicas, nothing left (CLOUD=..., OBSERVABILITY=1)
	@exec scripts/smoke

synth: ## makes the templates of the infrastructure, without asking AWS (ENV=beta or prod, else both; VERSION=of the images)
	@exec scripts/infra synth $(ENV)

cost: ## prints what a month costs before the first request, by the templates and infra/prices.properties
	@exec scripts/infra cost

templates: ## brings the committed files that are made from the templates up to date
	@exec scripts/infra templates

diff: ## shows what a deployment would change on AWS (ENV=beta)
	@exec scripts/infra diff $(ENV)

deploy: ## deploys an environment to AWS (ENV=beta, VERSION=of the images)
	@exec scripts/infra deploy $(ENV)

destroy: ## deletes an environment from AWS; functions at the edge take hours (ENV=beta)
	@exec scripts/infra destroy $(ENV)

test: ## runs every test, then one summary
	@exec scripts/test

test-localstack: ## runs the tests that use a cloud on LocalStack in Docker (the image is pulled)
	@exec scripts/test-cloud localstack

test-floci: ## runs the tests that use a cloud on Floci in Docker (the image is pulled)
	@exec scripts/test-cloud floci

test-infra: ## runs the checks of the infrastructure alone; asks AWS nothing
	@exec scripts/infra test

build: ## builds what changed, without tests
	@exec scripts/desk build

format: ## lays out the code
	@JAVA_HOME="$$(scripts/find-jdk)" || exit 1; export JAVA_HOME; ./mvnw -q -ntp spotless:apply
	@PATH="$$(scripts/find-node):$$PATH"; cd edge-lambdas && npm ci --silent --ignore-scripts && npm run --silent format

clean: ## removes what was built (kept: .backline, with the key, data and logs)
	@JAVA_HOME="$$(scripts/find-jdk)" || exit 1; export JAVA_HOME; ./mvnw -q -ntp clean
