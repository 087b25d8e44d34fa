"""The peers of a request: a bare FastAPI answer, and one that only inserts a row of like size, durably."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from psycopg_pool import ConnectionPool

from bench.plain import INSERT, TOPIC


def app(url: str, size: int) -> FastAPI:
    pool = ConnectionPool(url, min_size=1, max_size=12, open=False, kwargs={"autocommit": True})
    state = os.urandom(size)

    @asynccontextmanager
    async def opened(_: FastAPI) -> AsyncIterator[None]:
        pool.open()
        yield
        pool.close()

    bare = FastAPI(lifespan=opened)

    @bare.get("/health/live")
    @bare.post("/answer")
    async def answer() -> dict[str, int]:
        return {"version": 1, "position": 1}

    @bare.post("/insert/{id}")
    def insert(id: str) -> dict[str, int]:
        with pool.connection() as connection:
            connection.execute(INSERT, [id, 1, TOPIC, state], prepare=True)
        return {"version": 1, "position": 1}

    return bare


if __name__ == "__main__":
    served = app(os.environ["DATABASE_URL"], int(os.environ["BENCH_SIZE"]))
    port = int(os.environ["TIAOJIE_PORT"])
    uvicorn.run(served, host="127.0.0.1", port=port, log_level="warning", access_log=False, server_header=False)
