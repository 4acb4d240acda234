import { isTaskName, TASKS } from './tasks.ts';

/** `child.ts TASK HOSTS RULES FLOWS`: measures once in a process of its own, so that nothing is warm and the peak of its memory is the task's, and prints the result as JSON. */
const [task = '', ...numbers] = process.argv.slice(2);
const [hosts, rules, flows] = numbers.map(Number);
if (!isTaskName(task) || hosts === undefined || rules === undefined || flows === undefined) throw new Error('usage: child.ts TASK HOSTS RULES FLOWS');
console.log(JSON.stringify(await TASKS[task]({ hosts, rules, flows })));
