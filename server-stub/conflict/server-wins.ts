import type { ConflictPolicy } from './policy.ts'

/** What the server has stands. */
export const serverWins: ConflictPolicy = {
  name: 'server-wins',
  decide: () => ({ outcome: 'conflict', rule: 'server-wins: made on an older version' }),
}
