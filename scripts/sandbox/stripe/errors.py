"""Stripe's errors (https://docs.stripe.com/api/errors, https://docs.stripe.com/error-codes)."""

from typing import Any


class StripeError(Exception):
    """A request that Stripe refuses: HTTP status, and what its body says. `code` may be empty."""

    def __init__(
        self,
        http_status: int,
        code: str,
        message: str,
        param: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.code = code
        self.param = param
        self.kind = kind

    @property
    def body(self) -> dict[str, Any]:
        """The error as the API sends it."""
        fields: dict[str, Any] = {"message": str(self), "type": self.kind}
        if self.code:
            fields["code"] = self.code
            fields["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        return {"error": fields | ({"param": self.param} if self.param else {})}


def invalid(code: str, message: str, param: str | None = None) -> StripeError:
    """A request that is wrong in itself, 400."""
    return StripeError(400, code, message, param)


def missing(kind: str, identity: str, param: str = "id") -> StripeError:
    """No such object, or one of another account, 404."""
    return StripeError(404, "resource_missing", f"No such {kind}: '{identity}'", param)


def unrecognized(verb: str, path: str) -> StripeError:
    """An address that the stand-in does not serve, 404."""
    message = f"Unrecognized request URL ({verb}: {path}). Please see https://stripe.com/docs."
    return StripeError(404, "url_invalid", message)
