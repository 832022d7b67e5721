"""The part of the settings that says how to reach what others run: the store, NOWPayments, Stripe."""

from dataclasses import dataclass
from pathlib import Path

from core.process import setting_values as read
from core.process.setting_fields import HANDS, variable


@dataclass(frozen=True, kw_only=True)
class OutsideSettings:
    """Settings of the store and its links, and of payment providers. Times in seconds."""

    s3_endpoint: str = variable(
        "Where workers reach the store, any S3: http(s)://host:port. Empty: `comptoir up` starts one",
        default="",
        parse=read.public_url,
        roles=HANDS,
        group="The store",
    )
    s3_public_endpoint: str = variable(
        "Where browsers reach the store. Empty: the same", default="", parse=read.public_url, roles=HANDS
    )
    store_port: int = variable(
        "Port of the store that `comptoir up` starts, on 127.0.0.1. 0: any that is free",
        default=0,
        parse=read.port(0),
        roles=(),
    )
    store_folder: Path | None = variable(
        "A folder on the store's disk, where that is one of this machine: uploads are refused and admins "
        "told before it is full. Empty: not known; `comptoir up` names that of the store it starts",
        default=None,
        parse=read.folder,
    )
    store_servers: str = variable(
        "Volume servers of a SeaweedFS of several, http://host:port,http://host:port. Only the doctor asks "
        "them, how many answer and on how many each object lies: S3 does not say it. Empty: not asked",
        default="",
        roles=("cli",),
    )
    s3_region: str = variable("Region of the bucket", default="us-east-1", roles=HANDS)
    s3_bucket: str = variable("Bucket of our own", default="comptoir", roles=HANDS)
    s3_access_key: str = variable("Access key", default="", roles=HANDS, secret=True)
    s3_secret_key: str = variable("Secret key", default="", roles=HANDS, secret=True)

    link_secret: str = variable(
        "32 random bytes in hexadecimal; download links are derived from it",
        default="",
        roles=HANDS,
        secret=True,
        group="Links",
    )
    link_ttl: int = variable("Life of a download link", default=86_400, parse=read.positive)
    link_max_downloads: int = variable("Downloads per link, 0 for no limit", default=0, parse=read.count)
    signed_url_ttl: int = variable(
        "Life of a signed store URL", default=300, parse=read.positive, roles=HANDS
    )

    nowpayments_url: str = variable(
        "NOWPayments API",
        default="https://api.nowpayments.io/v1",
        parse=read.public_url,
        roles=HANDS,
        group="NOWPayments",
    )
    nowpayments_api_key: str = variable(
        "NOWPayments key; empty: no crypto rail", default="", roles=HANDS, secret=True
    )
    nowpayments_email: str = variable(
        "Login of the NOWPayments account; their list of payments asks for it. Empty: a payment whose every "
        "notice was lost is not found",
        default="",
        roles=HANDS,
    )
    nowpayments_password: str = variable(
        "Password of the NOWPayments account", default="", roles=HANDS, secret=True
    )
    nowpayments_ipn_secret: str = variable(
        "NOWPayments IPN secret", default="", roles=("api", "cli"), secret=True
    )

    stripe_secret_key: str = variable(
        "Secret key of the operator's Stripe account, sk_… or rk_…; empty: no cards",
        default="",
        parse=read.stripe_key,
        roles=HANDS,
        secret=True,
        group="Stripe",
    )
    stripe_client_id: str = variable(
        "OAuth client id of Stripe Connect, ca_…, so that sellers can connect an account that they have. "
        "Empty: a new account is made for each seller",
        default="",
        roles=("api", *HANDS),
    )
    stripe_webhook_secrets: str = variable(
        "Signing secrets of the webhook endpoints at Stripe, whsec_…,whsec_…; several while one is rolled",
        default="",
        roles=("api", "cli"),
        secret=True,
    )
    dispute_access: str = variable(
        "What a bank's dispute of a card payment does to the access that it bought, until the bank decides: "
        "suspend or keep. Once lost, access ends; once won, it is there again",
        default="suspend",
        parse=read.one_of("suspend", "keep"),
        roles=HANDS,
    )
    dispute_fees: str = variable(
        "What Stripe takes for a dispute that a bank opens, by currency. Where the bank of a card warns of "
        "misuse, a sale that is worth less is refunded at once: the dispute would cost more. Where a sale is "
        "worth more, or in a currency that is not named, its seller is asked. The default is what Stripe has "
        "published for sellers in the European Economic Area (since April 2023) and in the United States; "
        "elsewhere look at https://stripe.com/pricing and set your own. What Stripe took for a seller's last "
        "dispute counts before either",
        default="20.00 EUR,15.00 USD",
        parse=read.sums,
        roles=HANDS,
    )
    stripe_address: str = variable(
        "Where a stand-in for Stripe answers. Empty: Stripe itself",
        default="",
        parse=read.public_url,
        roles=HANDS,
    )
