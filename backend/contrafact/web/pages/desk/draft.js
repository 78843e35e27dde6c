// What somebody is in the middle of, kept in this tab: a reload loses nothing, and nothing leaves the browser.
export function draft(name) {
  const key = `desk:${name}`;
  return {
    get: () => {
      try {
        return JSON.parse(sessionStorage.getItem(key));
      } catch {
        return null;
      }
    },
    set: (value) => sessionStorage.setItem(key, JSON.stringify(value)),
    clear: () => sessionStorage.removeItem(key),
  };
}
