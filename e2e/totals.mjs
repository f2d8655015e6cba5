/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Totals
 */

/** What a runner that died before it could report counts as. */
const BROKEN = { passed: 0, failed: 1, skipped: 0 };

/** Totals of Vitest's JSON report. A file that failed to load has no tests of its own and counts as one failure. */
export function fromVitest(report, status) {
  if (!report) return BROKEN;
  const unloadable = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  return honest(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests + unloadable,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    status,
  );
}

/**
 * Totals of Playwright's JSON report. A test that passed when tried again has passed (the list names it as flaky);
 * errors outside tests (server, configuration) count as failures.
 */
export function fromPlaywright(report, status) {
  if (!report) return BROKEN;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return honest({ passed: expected + flaky, failed: unexpected + report.errors.length, skipped }, status);
}

/** Totals of the last lines that Python's unittest prints. */
export function fromUnittest(output, status) {
  const ran = /^Ran (\d+) tests?/m.exec(output)?.[1];
  if (ran === undefined) return BROKEN;
  const count = (word) => Number(new RegExp(`\\b${word}=(\\d+)`).exec(output)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  return honest({ passed: Number(ran) - failed - skipped, failed, skipped }, status);
}

/** A runner that exits with an error has failed at something, whatever it counted. */
const honest = (totals, status) => (status !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals);

export const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** The line the whole run ends with. */
export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
