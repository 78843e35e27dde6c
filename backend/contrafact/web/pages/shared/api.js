// The service's API. Every failure is an ApiError that says what happened and what to do; `fields` are the places of
// the request that are unusable, as {at, code, message}.

export class ApiError extends Error {
  constructor(said = {}, status = 0) {
    const { code = "error", message = "Something unexpected happened.", hint = "Try again.", fields = [] } = said;
    super(message);
    Object.assign(this, { code, hint, status, fields });
  }
}

export const get = (path, options) => call("GET", path, undefined, options);
export const del = (path, options) => call("DELETE", path, undefined, options);
/** `key`: an idempotency key, with which the same request sent twice is answered once. */
export const post = (path, body, options) => call("POST", path, body ?? {}, options);

async function call(method, path, body, { key, signal, type } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = type ?? "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const sent = body === undefined || type ? body : JSON.stringify(body);
  let response;
  try {
    response = await fetch(path, { method, headers, body: sent, signal, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    const hint = "Check that you are online, and try again. Nothing was lost.";
    throw new ApiError({ code: "unreachable", message: "The service could not be reached.", hint });
  }
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(answer, response.status);
  return answer;
}
