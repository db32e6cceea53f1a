"""What tests stand on: databases, servers, browsers. All real."""
