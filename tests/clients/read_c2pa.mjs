// c2pa-ts as a reader: takes a JSON list of paths on stdin, answers what it finds in each file.
// Boxes, COSE, hashes and signatures are c2pa-ts's own code; where a file holds its manifest store is read here, since
// it knows neither FLAC nor WAV, and an MP3's only under another media type.
import { readFileSync } from "node:fs";
import { SuperBox } from "@trustnxt/c2pa-ts/jumbf";
import { ManifestStore } from "@trustnxt/c2pa-ts/manifest";

const syncsafe = (data, at) => [0, 1, 2, 3].reduce((sum, i) => sum * 128 + data[at + i], 0);

function* riffChunks(data) {
  for (let at = 12; at + 8 <= data.length; ) {
    const size = data.readUInt32LE(at + 4);
    yield [data.toString("latin1", at, at + 4), data.subarray(at + 8, at + 8 + size)];
    at += 8 + size + (size % 2);
  }
}

function* id3Frames(data) {
  for (let at = 10; at + 10 < 10 + syncsafe(data, 6) && data[at]; ) {
    const size = syncsafe(data, at + 4);
    yield [data.toString("latin1", at, at + 4), data.subarray(at + 10, at + 10 + size)];
    at += 10 + size;
  }
}

function afterStrings(frame, count) { // a byte that names the encoding, then strings that end with a zero
  let at = 1;
  for (let i = 0; i < count; i++) at = frame.indexOf(0, at) + 1;
  return frame.subarray(at);
}

function manifestStore(data) {
  if (data.toString("latin1", 0, 4) === "RIFF") return [...riffChunks(data)].find(([kind]) => kind === "C2PA")[1];
  return afterStrings([...id3Frames(data)].find(([kind]) => kind === "GEOB")[1], 3);
}

async function read(path) {
  const data = readFileSync(path), jumbf = new Uint8Array(manifestStore(data));
  const asset = {
    getDataLength: () => data.length,
    getDataRange: async (start = 0, length = data.length - start) => new Uint8Array(data.subarray(start, start + length)),
    getManifestJUMBF: () => jumbf,
  };
  const store = ManifestStore.read(SuperBox.fromBuffer(jumbf));
  const result = await store.validate(asset);
  const assertions = store.getActiveManifest().assertions.assertions;
  const found = assertions.find(({ label }) => label === "contrafact.attribution");
  const [box] = found.sourceBox.contentBoxes;
  const actions = assertions.find(({ label }) => label === "c2pa.actions.v2").actions;
  return {
    valid: result.isValid,
    failures: result.statusEntries.filter((entry) => !entry.success).map((entry) => entry.code),
    successes: result.statusEntries.filter((entry) => entry.success).map((entry) => entry.code),
    claims: box.content,
    sourceType: actions[0].digitalSourceType,
    ingredients: assertions.filter(({ label }) => label === "c2pa.ingredient.v3").map(({ title }) => title),
  };
}

const paths = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await Promise.all(paths.map(read))));
