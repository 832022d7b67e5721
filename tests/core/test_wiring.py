from typing import get_args

from core.kit.rail_policy import RAILS
from core.orders.fulfilment import goods_of
from core.payments.rails.port import rail_of, rails
from core.wiring import connect
from schemas.catalogue import ProductKind


def test_every_kind_of_goods_and_every_rail_that_schemas_name_is_connected_once() -> None:
    for _ in range(2):
        connect()
    assert [goods_of(kind).kind for kind in get_args(ProductKind)] == list(get_args(ProductKind))
    assert sorted(rail.name for rail in rails()) == sorted(RAILS)
    assert [rail_of(name).name for name in RAILS] == list(RAILS)
