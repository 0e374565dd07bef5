import { at, scenario } from '../harness/core/build.ts'
import { deleteNote, writeNote } from '../harness/workload/notes.ts'

export default scenario({
  title: 'Written again',
  story:
    'Ana deletes a note, changes her mind and writes it again. ' +
    'Nothing stands in its way, so nobody may refuse it.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', writeNote('ana', 'plan', 'Meet at seven')),
    at('30s', deleteNote('ana', 'plan')),
    at('60s', writeNote('ana', 'plan', 'Meet at eight')),
  ],
  exercised: { serverCommits: 3 },
})
