"""One argument in other words, each from another person, none of them real."""

from __future__ import annotations

VOICES = {
    "Ada Byte": "A free model leaves nothing to sell for those who charge for theirs",
    "Bo Chen": "Whoever gives the model away takes the price from all who sell one",
    "Cy Dent": "Nobody can charge for a model once a free model is as good",
    "Dee Ode": "Free models turn the whole business into a commodity without a price",
    "Eli Gate": "The price of a model falls to nothing when a free one lies beside it",
    "Finn Port": "They give the model away so that nobody else can sell one at a price",
}
