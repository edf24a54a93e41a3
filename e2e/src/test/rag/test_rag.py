"""Unchanged clients of OpenAI's and of the Model Context Protocol against a running server."""

import asyncio
import json
import os
import unittest
import urllib.request

import openai
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

URI = os.environ["ELANUS_URI"]
KITES = "The red kite nests in tall trees near villages. It lays three eggs in April."


def post(path, body):
    request = urllib.request.Request(
        URI + path, json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


class RagTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        documents = [
            {"source_id": "kites", "title": "Kites", "text": KITES},
            {"source_id": "ships", "title": "Ships", "text": "A ship of the line had 74 guns."},
        ]
        job = post("/v1/documents?wait=true", {"collection": "birds", "documents": documents})
        assert job["state"] == "done" and job["documents"]["failed"] == 0, job
        cls.client = openai.OpenAI(base_url=URI + "/v1", api_key="none", max_retries=0)

    def ask(self, **more):
        return self.client.chat.completions.create(
            model="birds",
            messages=[{"role": "user", "content": "Where does the red kite nest?"}],
            **more,
        )

    def test_models_are_collections(self):
        self.assertIn("birds", [model.id for model in self.client.models.list()])
        self.assertEqual("birds", self.client.models.retrieve("birds").id)

    def test_chat_answers_with_citations(self):
        reply = self.ask()
        self.assertIn("nests in tall trees", reply.choices[0].message.content)
        self.assertEqual("stop", reply.choices[0].finish_reason)
        self.assertEqual("kites", reply.model_extra["citations"][0]["source_id"])

    def test_chat_streams(self):
        pieces = list(self.ask(stream=True, stream_options={"include_usage": True}))
        text = "".join(p.choices[0].delta.content or "" for p in pieces if p.choices)
        self.assertIn("nests in tall trees", text)
        self.assertIsNotNone(pieces[-1].usage)

    def test_errors_have_their_classes(self):
        with self.assertRaises(openai.NotFoundError):
            self.client.chat.completions.create(
                model="nowhere", messages=[{"role": "user", "content": "kites?"}]
            )
        with self.assertRaises(openai.BadRequestError):
            self.ask(n=2)

    def test_tools_over_http(self):
        async def run():
            async with streamable_http_client(URI + "/mcp") as streams:
                await self.use(streams[0], streams[1])

        asyncio.run(run())

    def test_tools_over_standard_input_and_output(self):
        async def run():
            parameters = StdioServerParameters(
                command=os.environ["ELANUS_LAUNCHER"],
                args=["mcp", "--uri", URI],
                env=dict(os.environ),
            )
            async with stdio_client(parameters) as (read, write):
                await self.use(read, write)

        asyncio.run(run())

    async def use(self, read, write):
        async with ClientSession(read, write) as session:
            await session.initialize()
            tools = {tool.name for tool in (await session.list_tools()).tools}
            self.assertEqual({"search", "ingest", "list", "fetch"}, tools)
            found = await self.call(session, "search", query="red kite nest", collection="birds")
            self.assertEqual("kites", found["hits"][0]["source_id"])
            whole = await self.call(session, "fetch", source_id="kites", collection="birds")
            self.assertEqual(KITES, whole["text"])
            wrong = await session.call_tool("fetch", {"source_id": "no", "collection": "birds"})
            self.assertTrue(wrong.is_error)
            self.assertIn("no such document", wrong.content[0].text)

    async def call(self, session, tool, **arguments):
        result = await session.call_tool(tool, arguments)
        self.assertFalse(result.is_error, result)
        return json.loads(result.content[0].text)


if __name__ == "__main__":
    unittest.main()
