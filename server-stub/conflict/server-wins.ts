import type { ConflictPolicy } from './policy.ts'

/** Lets the current version on the server win every clash. */
export const serverWins: ConflictPolicy = {
  name: 'server-wins',
  decide: () => ({ outcome: 'conflict', rule: 'server-wins: made on an older version' }),
}
