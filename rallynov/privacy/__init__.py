"""What is kept of people, for how long, and how it goes. It composes all apps; none imports it."""
