import { Problem } from './problem.ts'

/**
 * The version of what is written to files: scenarios, histories and results. Raised when a field of
 * any of them changes its name or meaning. CHANGELOG.md lists the changes of each version.
 */
export const FORMAT_VERSION = 2

/**
 * Refuses data of another version, before a schema lists what is wrong with its fields. Data
 * without a version is left to the schema.
 *
 * @param what 'a history', for the message
 * @throws Problem that names both versions
 */
export function requireFormatVersion(data: unknown, what: string, source: string): void {
  if (typeof data !== 'object' || data === null || !('version' in data)) return
  if (data.version === FORMAT_VERSION) return
  const version = JSON.stringify(data.version)
  throw new Problem(
    `${source}: expected ${what} of format version ${FORMAT_VERSION}, got version ${version}; record it again, or change it as CHANGELOG.md says`,
  )
}
