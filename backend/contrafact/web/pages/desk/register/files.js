// Kinds of files that can be registered, by their names; the twin of `MEDIA_TYPES` of registration.py. Pure.
const KINDS = {
  abc: "text/vnd.abc",
  mid: "audio/midi",
  midi: "audio/midi",
  xml: "application/vnd.recordare.musicxml+xml",
  musicxml: "application/vnd.recordare.musicxml+xml",
  mxl: "application/vnd.recordare.musicxml",
  wav: "audio/wav",
  flac: "audio/flac",
  ogg: "audio/ogg",
  mp3: "audio/mpeg",
};

/** The media type, or null for a file of another kind. */
export const kindOf = (name) => KINDS[name.toLowerCase().split(".").at(-1)] ?? null;

export const isSound = (kind) => ["audio/wav", "audio/flac", "audio/ogg", "audio/mpeg"].includes(kind);

/** `the_rakes-of mallow.abc` → "the rakes of mallow": a title to begin with. */
export const titleOf = (name) =>
  name
    .replace(/\.[^.]*$/, "")
    .replace(/[_-]+/g, " ")
    .trim()
    .slice(0, 300);
