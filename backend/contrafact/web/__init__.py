"""The API: what a service offers over HTTP. Edges only; everything is wired in `contrafact.wiring`."""
