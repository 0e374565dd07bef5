import { Listr } from 'listr2'
import type { Progress, Task } from './progress.ts'

/** Spinners with the phase each scenario is in, in a terminal. */
export const live: Progress = {
  async play(heading, tasks, concurrency) {
    const rows = tasks.map((row) => ({
      title: row.title,
      // A failed verdict is an answer, not an error of ours: the row shows it and the others go on.
      task: (_: unknown, shown: { title: string; output: string }) => played(row, shown),
    }))
    const whole = new Listr(
      [
        {
          title: heading,
          task: (_, parent) =>
            parent.newListr(rows, { concurrent: Math.max(1, concurrency), exitOnError: false }),
        },
      ],
      {
        // Signals are taken elsewhere: listr2 would end the process before the worlds are closed.
        registerSignalListeners: false,
        exitOnError: false,
        rendererOptions: {
          collapseSubtasks: false,
          showErrorMessage: false,
          collapseErrors: false,
        },
      },
    )
    await whole.run()
  },
}

async function played(row: Task, shown: { title: string; output: string }): Promise<void> {
  const end = await row.run((phase) => {
    shown.title = `${row.title}  ${phase}`
  })
  shown.title = end ? `${row.title}  ${end.text}` : `${row.title}  given up`
  if (end && end.verdict !== 'pass') throw new Error(end.text)
}
