import { readFileSync } from 'node:fs'

const MODULE = String.raw`tunnelproof\/guest|[./][^'"]*\/guest\/guest\.[jt]s`
const IMPORT = new RegExp(
  String.raw`^\s*(?:import|export)\s(?!type\b)[^'"]*\sfrom\s*['"](?:${MODULE})['"]`,
  'm',
)

/** Returns true for a file that imports the words of guests. */
export const isGuestFile = (path: string): boolean => IMPORT.test(readFileSync(path, 'utf8'))
