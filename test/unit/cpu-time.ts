/** Processor milliseconds of this process so far, all threads: unlike the clock, they do not depend on what else the machine does. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
