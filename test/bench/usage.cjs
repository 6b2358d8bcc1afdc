// Loaded into a process that is measured: writes what it used when it ends.
const { writeFileSync } = require('node:fs');
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS * 1024 };
  if (require('node:worker_threads').isMainThread)
    writeFileSync(process.env.FAIRLEAD_BENCH_USAGE, JSON.stringify(usage));
});
