"""How things are computed: all tasks at once, batch norm, devices, several processes, seeds, memory."""
