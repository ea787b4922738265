export { prometheus, type PrometheusOptions, type PrometheusPlugin } from './prometheus.js';
