/** What the API is held to. Each compares medians of one run. */
export const targets = [
  ...['1 subscriber', '100 subscribers', '1000 subscribers'].map((to) => ({
    what: `events of a busy job to ${to}, of what a bare server pushes from memory`,
    needs: [`events of a busy job to ${to}`, 'taskloom', 'yoga'],
    reached: (ours, bare) => ours / bare,
    must: 0.7,
  })),
  {
    what: 'events of a busy job to 1 subscriber, of what a bare server pushes at the pace of its engine',
    needs: ['events of a busy job to 1 subscriber', 'taskloom', 'yoga at its pace'],
    reached: (ours, bare) => ours / bare,
    must: 0.7,
  },
  {
    what: 'tasks a second with 100 watchers, of those with none',
    needs: ['tasks a second', '100 watchers', 'unwatched'],
    reached: (watched, unwatched) => watched / unwatched,
    must: 0.8,
  },
  {
    what: 'memory of the process for an idle subscriber, kB',
    needs: ['process for an idle subscriber', 'taskloom', 'taskloom'],
    reached: (kB) => kB,
    most: 50,
  },
];
