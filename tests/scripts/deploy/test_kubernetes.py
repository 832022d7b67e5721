"""The manifests of scripts/deploy/kubernetes, as they stand: of the right form, and as tight as compose."""

import re
from typing import Any

import kubernetes_validate
import pytest
import yaml

from core.process.setting_fields import Role
from core.process.settings import Settings
from schemas.contracts import QUEUES
from scripts.embedded.process import PROJECT
from tests.support.role_settings import database_addresses, passed_to, secret_settings

FOLDER = PROJECT / "scripts/deploy/kubernetes"
VERSION = "1.37"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
WORKERS = ("worker-interactive", "worker-delivery", "worker-background")
ROLES: dict[str, Role] = {
    "api": "api",
    "bot": "bot",
    "worker-interactive": "workers",
    "worker-delivery": "workers",
    "worker-background": "workers",
}
FOREIGN = ("keda.sh/v1alpha1",)
"""Kinds of others, which have no schema here."""


def documents() -> list[dict[str, Any]]:
    """Every manifest that the kustomization lists."""
    return [
        document
        for name in KUSTOMIZATION["resources"]
        for document in yaml.safe_load_all((FOLDER / name).read_text())
    ]


def named(kind: str, name: str) -> dict[str, Any]:
    """The one of this kind and name."""
    (found,) = [d for d in documents() if d["kind"] == kind and d["metadata"]["name"] == name]
    return found


def pods() -> dict[str, dict[str, Any]]:
    """The pod that each workload starts, by the workload's name."""
    kinds = ("Deployment", "StatefulSet", "Job")
    return {d["metadata"]["name"]: d["spec"]["template"]["spec"] for d in documents() if d["kind"] in kinds}


def container(name: str) -> dict[str, Any]:
    """The one container of a workload."""
    (only,) = pods()[name]["containers"]
    return dict(only)


@pytest.mark.parametrize(
    "document", documents(), ids=lambda document: f"{document['kind']}-{document['metadata']['name']}"
)
def test_a_manifest_is_of_the_form_that_kubernetes_wants(document: dict[str, Any]) -> None:
    if document["apiVersion"] in FOREIGN:
        assert document["spec"]
    else:
        kubernetes_validate.validate(document, VERSION, strict=True)


def test_a_word_that_is_none_would_be_seen() -> None:
    wrong = named("Deployment", "api")
    wrong["spec"]["template"]["spec"]["containers"][0]["comand"] = []
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


def test_all_files_are_listed() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(KUSTOMIZATION["resources"]) == files


@pytest.mark.parametrize(("name", "role"), ROLES.items())
def test_a_pod_receives_the_settings_of_its_role_and_can_start_with_them(name: str, role: Role) -> None:
    secret = secret_settings()
    plain: dict[str, str] = {}
    for source in container(name)["envFrom"]:
        plain |= named("ConfigMap", source["configMapRef"]["name"])["data"]
    files = {entry["name"].removesuffix("_FILE"): entry["value"] for entry in container(name)["env"]}
    (source,) = [v["secret"]["secretName"] for v in pods()[name]["volumes"] if "secret" in v]

    # The store of a cluster is on no disk that a pod sees.
    assert plain.keys() | files.keys() == passed_to(role) - {"STORE_FOLDER"}
    assert not plain.keys() & secret
    assert {f"/run/secrets/{key}" for key in named("Secret", source)["stringData"]} == set(files.values())
    given = {"DATABASE_URL": "postgresql://db/shop", "REDIS_URL": "redis://redis/0"}
    assert Settings.from_environment(plain | given).env == "production"


def test_a_migration_knows_the_ways_past_a_pooler() -> None:
    given = {entry["name"].removesuffix("_FILE") for entry in container("migrate")["env"]}
    assert given >= database_addresses()
    assert named("Secret", "comptoir-migrate")["stringData"].keys() == {name.lower() for name in given}


def test_every_queue_is_served() -> None:
    served = [queue for name in WORKERS for queue in container(name)["command"][-1].split(",")]
    assert sorted(served) == sorted(QUEUES)


@pytest.mark.parametrize("name", [*ROLES, "migrate"])
def test_a_pod_cannot_rise_nor_fill_its_machine(name: str) -> None:
    pod, security = pods()[name], container(name)["securityContext"]

    assert security["readOnlyRootFilesystem"] is True
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container(name)["resources"]["limits"]["memory"]
    assert all("sizeLimit" in volume["emptyDir"] for volume in pod["volumes"] if "emptyDir" in volume)


@pytest.mark.parametrize("name", ROLES)
def test_a_pod_that_hangs_is_replaced_and_one_that_stops_has_time(name: str) -> None:
    assert {"startupProbe", "livenessProbe"} <= container(name).keys()
    assert pods()[name]["terminationGracePeriodSeconds"] >= 25


def test_requests_go_to_apis_that_are_ready() -> None:
    assert container("api")["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container("api")["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert named("Deployment", "api")["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


@pytest.mark.parametrize("name", ["bot", "worker-delivery"])
def test_who_talks_to_telegram_keeps_its_session(name: str) -> None:
    (claim,) = named("StatefulSet", name)["spec"]["volumeClaimTemplates"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container(name)["volumeMounts"]}
    assert mounts[claim["metadata"]["name"]] == "/var/lib/comptoir"


def test_one_bot_for_each_token() -> None:
    assert named("StatefulSet", "bot")["spec"]["replicas"] == 1


@pytest.mark.parametrize("name", ["api", *WORKERS])
def test_what_grows_is_also_kept_up(name: str) -> None:
    budget = named("PodDisruptionBudget", name)["spec"]
    scaled = [d for d in documents() if d["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")]
    (target,) = [d for d in scaled if d["spec"]["scaleTargetRef"]["name"] == name]

    assert budget["selector"]["matchLabels"] == {"app.kubernetes.io/component": name}
    assert named(target["spec"]["scaleTargetRef"]["kind"], name)


def test_workers_grow_by_the_age_of_their_own_queues() -> None:
    for name in WORKERS:
        (trigger,) = named("ScaledObject", name)["spec"]["triggers"]
        match = re.fullmatch(
            r'max\(comptoir_queue_oldest_seconds\{queue=~"([a-z|]+)"\}\)', trigger["metadata"]["query"]
        )
        assert match
        assert sorted(match[1].split("|")) == sorted(container(name)["command"][-1].split(","))


def test_nobody_reaches_anybody_but_for_what_is_named() -> None:
    policies = [d for d in documents() if d["kind"] == "NetworkPolicy"]
    (everybody,) = [p for p in policies if p["metadata"]["name"] == "nobody"]
    (outside,) = [p for p in policies if p["metadata"]["name"] == "outside"]
    (who,) = outside["spec"]["podSelector"]["matchExpressions"]

    assert everybody["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert set(who["values"]) == {"bot", *WORKERS}


def test_metrics_are_not_shown_to_the_world() -> None:
    (rule,) = named("Ingress", "shop")["spec"]["rules"]
    to = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    assert to == {"/metrics": "nowhere", "/": "api"}
    assert "nowhere" not in pods()
