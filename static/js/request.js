/* One request to the site, with its progress, that gives up when the connection moves nothing. */

const CUT = "La connexion est coupée.";
const SILENCE = 60_000; // milliseconds without a byte after which a connection is lost

/* Why something failed, in words for people; `status` is 0 when nobody answered. */
export class Failure extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/* What the server answers: its status, and the page (`type` "document") or the words that it sends. */
export function request(method, address, { body, type = "json", progress } = {}) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const lose = () => call.abort();
    let silence;
    const wait = () => {
      clearTimeout(silence);
      silence = setTimeout(lose, SILENCE);
    };
    const end = () => {
      clearTimeout(silence);
      removeEventListener("offline", lose);
    };
    call.open(method, address);
    call.responseType = type;
    if (type === "json") call.setRequestHeader("Accept", "application/json");
    call.upload.addEventListener("progress", (event) => (wait(), progress?.(event)));
    call.addEventListener("load", () => resolve({ status: call.status, answer: call.response }));
    for (const name of ["error", "abort"]) call.addEventListener(name, () => reject(new Failure(CUT)));
    call.addEventListener("loadend", end);
    addEventListener("offline", lose);
    wait();
    call.send(body);
  });
}
