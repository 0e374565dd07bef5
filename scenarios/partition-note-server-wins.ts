import { at, during, scenario } from '../harness/core/build.ts'
import { killed } from '../harness/faults/killed.ts'
import { partition } from '../harness/faults/partition.ts'
import { editNote, writeNote } from '../harness/workload/notes.ts'

export default scenario({
  title: 'Partition, note, server wins',
  story:
    'Ana and Ben edit the same two notes while cut off from each other, ' +
    'each of them one note first. Under server-wins, ' +
    'the edits that reached the server first stand, and the others can still be read, ' +
    'also after a restart.',
  devices: ['ana', 'ben'],
  policy: 'server-wins',
  steps: [
    at('5s', writeNote('ana', 'plan', 'Meet at seven')),
    at('10s', writeNote('ben', 'food', 'Soup')),
    during('40s', '80s', partition('ben')),
    during('40s', '120s', partition('ana')),
    at('50s', editNote('ana', 'plan', 'Meet at eight')),
    at('60s', editNote('ben', 'plan', 'Meet at nine')),
    at('65s', editNote('ben', 'food', 'Soup and bread')),
    at('70s', editNote('ana', 'food', 'Soup and cake')),
    during('160s', '180s', killed('ana')),
  ],
  exercised: { serverCommits: 4, conflicts: 2, actionsUnderFault: 4, deviceRestarts: 1 },
})
