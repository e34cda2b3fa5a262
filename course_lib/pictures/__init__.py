"""Pictures in files: which there are, and what they show. It knows no task; `tasks.Folder` makes tasks of them."""
