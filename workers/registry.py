"""The table of which function does which job; actor modules fill it when they are imported."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from schemas.contracts import EphemeralContract, JobContract
from workers.run import Run
from workers.services import Services

J = TypeVar("J", bound=JobContract)
E = TypeVar("E", bound=EphemeralContract)
Act = Callable[[Run, J], None]
Answer = Callable[[Services, E], dict[str, Any]]


@dataclass
class Registry:
    """Actors of durable jobs and answers to ephemeral ones, by contract."""

    actors: dict[type[JobContract], Act[Any]] = field(default_factory=dict)
    answers: dict[type[EphemeralContract], Answer[Any]] = field(default_factory=dict)

    def actor(self, contract: type[J]) -> Callable[[Act[J]], Act[J]]:
        """Register the function that does these jobs; the function itself is unchanged."""

        def register(function: Act[J]) -> Act[J]:
            if contract in self.actors:
                raise ValueError(f"{contract.actor} has an actor already: {self.actors[contract]}")
            self.actors[contract] = function
            return function

        return register

    def answer(self, contract: type[E]) -> Callable[[Answer[E]], Answer[E]]:
        """Register the function that answers these questions; the function itself is unchanged."""

        def register(function: Answer[E]) -> Answer[E]:
            if contract in self.answers:
                raise ValueError(f"{contract.actor} is answered already: {self.answers[contract]}")
            self.answers[contract] = function
            return function

        return register


registry = Registry()
actor = registry.actor
answers = registry.answer
