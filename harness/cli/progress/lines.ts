import { type Progress, pool } from './progress.ts'

/** Prints one line per scenario when it is judged: for CI logs, files and pipes. */
export function lines(print: (line: string) => void): Progress {
  return {
    async play(heading, tasks, concurrency) {
      print(heading)
      const width = Math.max(0, ...tasks.map(({ title }) => title.length))
      const play = tasks.map((task) => async () => {
        const end = await task.run(() => {})
        if (end) print(`  ${task.title.padEnd(width)}  ${end.text}`)
      })
      await pool(play, concurrency)
    },
  }
}
