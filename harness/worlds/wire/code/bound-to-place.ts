/**
 * Code that can notice that it was bundled: in a bundle a module lies in another folder, packages
 * are evaluated before the user's own files, and no loader knows TypeScript. Comments and texts
 * match too: a file is then loaded as it is, which is slower and never wrong.
 */
const NOTICES: readonly RegExp[] = [
  // Finds other files by its own place. Injected instead: import.meta.url, dirname, filename.
  /\bimport\.meta\.(?!url\b|dirname\b|filename\b)/,
  /\brequire\s*[.(]|\b(?:createRequire|__dirname|__filename|module\.exports)\b/,
  /\bimport\s*\(\s*(?!['"])/,
  // Starts other programs, which may be TypeScript.
  /\bnew Worker\b|\b(?:worker_threads|child_process)\b|\bprocess\.(?:argv|execArgv)\b/,
  // Changes globals that packages may read when they are evaluated.
  /\bglobalThis\b|\b(?:global|window|self)\s*[.,[]/,
  /\bimport\s*['"]\.{0,2}\//,
  // Cannot be preceded by the injected constants.
  /^#!/,
]

/** Returns true if the code of a file could notice that it was bundled. */
export const isBoundToPlace = (code: string): boolean =>
  NOTICES.some((pattern) => pattern.test(code))
