import type { ConflictPolicy } from './policy.ts'

/** The current version on the server always wins. */
export const serverWins: ConflictPolicy = {
  name: 'server-wins',
  decide: () => ({ outcome: 'conflict', rule: 'server-wins: made on an older version' }),
}
