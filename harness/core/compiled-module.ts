/** The ending of modules that the harness has compiled from a guest's file. */
export const COMPILED_ENDING = '.compiled.mjs'

/** Returns true for the path or URL of such a module: it is complete, and runs as it is. */
export const isCompiled = (module: string): boolean => module.endsWith(COMPILED_ENDING)
