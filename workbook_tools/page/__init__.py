"""The page: a web page on this computer alone that leads through the year. It calls the faces that the commands call, and holds no logic.

Starlette, uvicorn and python-multipart come with the extra ``page``; nothing outside this room imports them.
"""
