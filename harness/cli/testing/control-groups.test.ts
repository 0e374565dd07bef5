import { describe, expect, it } from 'vitest'
import { CONTROL_GROUPS, CONTROL_SERVERS, controlPlayer, type Remark } from './control-groups.ts'

/** Of each group; `npm run controls -- --stories 5000` plays more. */
const STORIES = 100

describe.each(Object.entries(CONTROL_SERVERS))(
  'no invariant accuses a correct client of %s',
  async (_, server) => {
    const play = await controlPlayer(server)

    it.each(Object.keys(CONTROL_GROUPS))('%s', async (group) => {
      const accused: Remark[] = []
      for (let number = 1; number <= STORIES; number++) {
        const remark = await play(group, number)
        if (remark?.verdict === 'fail') accused.push(remark)
      }
      expect(accused).toEqual([])
    })
  },
)
