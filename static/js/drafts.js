// Drafts stored on this device until the server has them.
export const PREFIX = "draft:";
export const store = {
  keys: (key) => { try { return Object.keys(localStorage).filter((name) => name.startsWith(`${PREFIX}${key}:`)); } catch { return []; } },
  read: (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
  write: (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* full or forbidden: the server still has it */ } },
  clear: (key) => store.keys(key).forEach((name) => localStorage.removeItem(name)),
};

// An id of this tab: two tabs have separate drafts, and a tab finds its own after a reload.
export function tab() {
  try {
    return (sessionStorage.miras_tab ??= Math.random().toString(36).slice(2));
  } catch {
    return "one";
  }
}
