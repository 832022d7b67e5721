"""What tests ask the stand-in for."""

from typing import Any


def one_time(amount: int = 1000, currency: str = "eur", fee: int = 100, **more: Any) -> dict[str, Any]:
    """A Checkout session of a sale."""
    price = {"currency": currency, "product_data": {"name": "Course"}, "unit_amount": amount}
    data: dict[str, Any] = {"metadata": {"order": "CM-1"}} | ({"application_fee_amount": fee} if fee else {})
    return {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "payment_intent_data": data,
        "success_url": "https://shop.example/ok?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.example/no",
        "client_reference_id": "CM-1",
        "metadata": {"order": "CM-1"},
    } | more


def membership(
    amount: int = 900, interval: str = "month", data: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A Checkout session of a subscription."""
    price = {"currency": "eur", "product_data": {"name": "Club"}, "unit_amount": amount}
    return {
        "mode": "subscription",
        "line_items": [{"price_data": price | {"recurring": {"interval": interval}}, "quantity": 1}],
        "subscription_data": {"application_fee_percent": 10.0, "metadata": {"order": "CM-2"}} | (data or {}),
        "success_url": "https://shop.example/ok",
        "metadata": {"order": "CM-2"},
    } | more
