/** What to do next where a screen is empty for want of hosts. */
export const AddHostsLink = () => (
  <a className="button primary" href="#/hosts">
    Add hosts
  </a>
);
