"""One module per step. A step that was published is never changed; a change is a new step."""
