/** Rules of a component: the build puts them into the panel's style. */
declare module '*.css';
